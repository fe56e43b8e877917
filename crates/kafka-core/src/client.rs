//! A client process: a producer or a consumer.

use crate::command::{ProducerRecord, Source};
use crate::config::{ConsumerConfig, ProducerConfig};
use crate::consumer::Consumer;
use crate::node::{Context, Timer};
use crate::producer::Producer;
use crate::protocol::{ClientId, CorrelationId, NodeId, Response};
use crate::topic::TopicPartition;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Client {
    Producer(Box<Producer>),
    Consumer(Box<Consumer>),
}

impl Client {
    pub(crate) fn producer(id: ClientId, config: ProducerConfig, context: &mut Context<'_>) -> Self {
        Self::Producer(Box::new(Producer::start(id, config, context)))
    }

    pub(crate) fn consumer(
        id: ClientId,
        config: ConsumerConfig,
        source: &Source,
        context: &mut Context<'_>,
    ) -> Self {
        Self::Consumer(Box::new(Consumer::start(id, config, source, context)))
    }

    /// Closed, and everything that closing waits for is done.
    pub(crate) fn has_ended(&self) -> bool {
        match self {
            Self::Producer(producer) => producer.has_ended(),
            Self::Consumer(consumer) => consumer.has_ended(),
        }
    }

    pub(crate) fn send(&mut self, record: &ProducerRecord, context: &mut Context<'_>) {
        match self {
            Self::Producer(producer) => producer.send(record.clone(), context),
            Self::Consumer(_) => unreachable!("a consumer does not send"),
        }
    }

    pub(crate) fn seek(&mut self, partition: &TopicPartition, offset: i64, context: &mut Context<'_>) {
        match self {
            Self::Consumer(consumer) => consumer.seek(partition, offset, context),
            Self::Producer(_) => unreachable!("a producer has no position"),
        }
    }

    pub(crate) fn close(&mut self, context: &mut Context<'_>) {
        match self {
            Self::Producer(producer) => producer.close(context),
            Self::Consumer(consumer) => consumer.close(context),
        }
    }

    pub(crate) fn on_response(
        &mut self,
        from: NodeId,
        correlation_id: CorrelationId,
        response: Response,
        context: &mut Context<'_>,
    ) {
        let NodeId::Broker(broker) = from else { unreachable!("only brokers answer") };
        match self {
            Self::Producer(producer) => producer.on_response(broker, correlation_id, response, context),
            Self::Consumer(consumer) => consumer.on_response(broker, correlation_id, response, context),
        }
    }

    pub(crate) fn on_timer(&mut self, timer: &Timer, context: &mut Context<'_>) {
        match self {
            Self::Producer(producer) => producer.on_timer(timer, context),
            Self::Consumer(consumer) => consumer.on_timer(timer, context),
        }
    }
}
